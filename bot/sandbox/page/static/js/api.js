/** @import { CallbackAnswer, ChatDelta, Command, Setup, TimeView } from "./types.js" */

/** The server refused or was not reached; the message is a sentence for the person. */
export class Refused extends Error {}

/**
 * This function will return what the server answered, or throw Refused.
 *
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused("The server cannot be reached.");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new Refused(body?.error ?? `The server answered with ${response.status}.`);
  }
  return body;
}

/** @param {string} path @param {object} fields */
function post(path, fields) {
  const headers = { "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(fields) });
}

/** @param {string} path @param {Record<string, string | Blob>} fields @param {string} fileName */
function upload(path, fields, fileName) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(name, value, fileName);
    else form.append(name, value);
  }
  return ask(path, { method: "POST", body: form });
}

/** @param {string} fileId */
export const fileUrl = (fileId) => `/chat/files/${encodeURIComponent(fileId)}`;

/** @returns {Promise<Setup>} */
export const readSetup = () => ask("/setup");

/** What one can do with a phone; `userId` is whose phone it is. */
export const chat = {
  /** @param {number} userId @param {number} after @returns {Promise<ChatDelta>} */
  changes: (userId, after) => ask(`/chat/${userId}/messages?after=${after}`),
  /** @param {number} userId @returns {Promise<Command[]>} */
  commands: (userId) => ask(`/chat/${userId}/commands`),
  /** @param {number} userId @param {string} text */
  say: (userId, text) => post(`/chat/${userId}/text`, { text }),
  /**
   * @param {number} userId
   * @param {number} messageId
   * @param {string} button
   * @returns {Promise<{answer: CallbackAnswer | null}>}
   */
  press: (userId, messageId, button) =>
    post(`/chat/${userId}/press`, { message_id: messageId, button }),
  /** @param {number} userId @param {Blob} photo @param {string} name @param {string} caption */
  sendPhoto: (userId, photo, name, caption) =>
    upload(`/chat/${userId}/photo`, { photo, caption }, name),
  /** @param {number} userId @param {File} document */
  sendDocument: (userId, document) =>
    upload(`/chat/${userId}/document`, { document }, document.name),
  /** @param {number} userId @param {string} phoneNumber */
  shareContact: (userId, phoneNumber) =>
    post(`/chat/${userId}/contact`, { phone_number: phoneNumber }),
  /** @param {number} userId @param {boolean} blocked */
  block: (userId, blocked) => post(`/chat/${userId}/block`, { blocked }),
};

/** The hand on the clock. */
export const clock = {
  /** @param {number} speed simulated seconds in a real one @returns {Promise<TimeView>} */
  run: (speed) => post("/panel/clock", { speed }),
  /** @param {number} hours @returns {Promise<TimeView>} */
  travel: (hours) => post("/panel/journey", { hours }),
  /** @returns {Promise<TimeView>} */
  stop: () => ask("/panel/journey", { method: "DELETE" }),
};

/** @param {string} udf1 @param {string} deed @param {object} fields */
const disturb = (udf1, deed, fields) =>
  post(`/panel/meters/${encodeURIComponent(udf1)}/${deed}`, fields);

/** The hand on the meters, which are named by their `udf1`. */
export const meters = {
  /** @param {string} udf1 @param {boolean} online */
  setOnline: (udf1, online) => disturb(udf1, "online", { online }),
  /** @param {string} udf1 */
  replace: (udf1) => disturb(udf1, "replace", {}),
  /** @param {string} udf1 @param {"drop" | "gateway_error"} how */
  loseAnswer: (udf1, how) => disturb(udf1, "fail", { how }),
};
