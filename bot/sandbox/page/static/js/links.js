/** @typedef {{kind: "invitation", token: string} | {kind: "web", url: string} | {kind: "telegram"}} Link */

/**
 * This function will tell what a link is for: an invitation to this very bot, the web, or something
 * that only the messenger itself could open.
 *
 * @param {string} address
 * @param {string} botUsername
 * @returns {Link}
 */
export function understood(address, botUsername) {
  const url = URL.parse(address);
  if (!url) return { kind: "telegram" };
  const isDeep = url.protocol === "tg:" && url.hostname === "resolve";
  const isShort = url.hostname === "t.me" || url.hostname === "telegram.me";
  const bot = isDeep ? url.searchParams.get("domain") : isShort ? url.pathname.slice(1) : null;
  if (bot?.toLowerCase() === botUsername.toLowerCase()) {
    return { kind: "invitation", token: url.searchParams.get("start") ?? "" };
  }
  if (url.protocol === "http:" || url.protocol === "https:") return { kind: "web", url: url.href };
  return { kind: "telegram" };
}
