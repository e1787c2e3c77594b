/**
 * The shapes in which the server describes things.
 *
 * @typedef {object} Person
 * @property {number} user_id also the number of the private chat with the bot
 * @property {string} name
 * @property {string} language_code
 * @property {"tenant" | "manager" | "stranger"} part
 * @property {string} note a word on who that is, such as the room
 * @property {string} phone_number
 * @property {boolean} started
 * @property {boolean} blocked
 * @property {string} about_bot what the bot says of itself before the first message
 *
 * @typedef {object} Setup
 * @property {string} world changes when the server starts another world
 * @property {string} zone
 * @property {string} place
 * @property {{username: string, name: string}} bot
 * @property {Person[]} people
 *
 * @typedef {object} InlineButton
 * @property {string} text
 * @property {"callback" | "url" | "copy" | "web_app" | "other"} kind
 * @property {string | null} value
 * @property {string | null} style
 *
 * @typedef {object} StoredDocument
 * @property {string} file_id
 * @property {string} name
 * @property {string} mime
 * @property {number} size_bytes
 *
 * @typedef {object} Message
 * @property {number} message_id
 * @property {number} seq
 * @property {boolean} deleted a deleted message has only its place: the three fields up to here
 * @property {string} at
 * @property {boolean} from_bot
 * @property {string} sender
 * @property {boolean} edited
 * @property {string} text
 * @property {string} html
 * @property {InlineButton[][]} buttons
 * @property {{file_id: string, width: number, height: number} | null} photo
 * @property {StoredDocument | null} document
 * @property {{phone_number: string, first_name: string} | null} contact
 * @property {string | null} media_group_id
 * @property {{message_id: number, text: string} | null} reply_to
 *
 * @typedef {object} ReplyKeyboard
 * @property {{text: string, action: "say" | "share_contact" | "share_location"}[][]} rows
 * @property {boolean} one_time
 * @property {string | null} placeholder
 *
 * @typedef {object} ChatDelta
 * @property {number} seq
 * @property {Message[]} messages
 * @property {ReplyKeyboard | null} reply_keyboard
 * @property {string | null} bot_action
 * @property {boolean} blocked
 *
 * @typedef {{command: string, description: string}} Command
 * @typedef {{text: string, show_alert: boolean, url: string | null}} CallbackAnswer
 * @typedef {{now: string, speed: number, destination: string | null}} TimeView
 *
 * @typedef {object} Meter
 * @property {string} room
 * @property {string} udf1
 * @property {string} device_id
 * @property {string} register in kWh
 * @property {number} watts
 * @property {boolean} relay_on
 * @property {boolean} has_relay
 * @property {boolean} online
 * @property {string} mode
 * @property {number} phases
 * @property {number} failures_ahead
 *
 * @typedef {{space_id: number, name: string, meters: Meter[]}} Space
 *
 * @typedef {object} WireLine
 * @property {string} id
 * @property {"qube" | "telegram"} source
 * @property {string} at
 * @property {string} method
 * @property {string} target
 * @property {string} summary
 * @property {number | null} status
 * @property {string | null} problem
 * @property {string} details
 */

export {};
