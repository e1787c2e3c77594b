import { showDialog } from "../dialogs.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { menuOf } from "../menu.js";

const SENT_AS_THEY_ARE = new Set(["image/png", "image/jpeg"]);
const JPEG_QUALITY = 0.9;

/** A file is no picture that this browser can read. */
class NoPicture extends Error {
  constructor() {
    super("This is not a picture that can be sent as a photo. Send it as a file.");
  }
}

/**
 * @typedef {object} Sending
 * @property {(photo: Blob, name: string, caption: string) => void} photo
 * @property {(document: File) => void} document
 * @property {(sentence: string) => void} refused
 */

/**
 * This function will make the button that sends a photo or a file.
 *
 * @param {Sending} sending
 * @returns {HTMLElement[]}
 */
export function attachButton(sending) {
  const pictures = picker("image/*", "Photo", (file) => offerPhoto(file, sending));
  const files = picker("", "File", (file) => sending.document(file));
  const button = el(
    "button",
    { type: "button", class: "tool", "aria-label": "Attach", title: "Attach" },
    icon("attach"),
  );
  const menu = menuOf(button, () => [
    { label: "Photo", icon: "photo", act: () => pictures.click() },
    { label: "File", icon: "file", act: () => files.click() },
  ]);
  return [button, menu, pictures, files];
}

/**
 * This function will show a picture before it is sent, with a line for a caption.
 *
 * @param {File} file
 * @param {Sending} sending
 */
export async function offerPhoto(file, sending) {
  let photo;
  try {
    photo = await asPhoto(file);
  } catch (error) {
    sending.refused(/** @type {Error} */ (error).message);
    return;
  }
  const source = URL.createObjectURL(photo);
  const caption = el("input", { type: "text", placeholder: "Caption", "aria-label": "Caption", autofocus: true });
  showDialog("preview", "Send a photo", (close) => {
    const send = (/** @type {Event} */ event) => {
      event.preventDefault();
      close();
      sending.photo(photo, file.name, caption.value);
    };
    const picture = el("img", { src: source, alt: "The photo to be sent" });
    picture.addEventListener("load", () => URL.revokeObjectURL(source));
    return [
      picture,
      el(
        "form",
        { class: "dialog-actions", onsubmit: send },
        caption,
        el("button", { type: "button", class: "quiet", onclick: close }, "Cancel"),
        el("button", { class: "strong" }, "Send"),
      ),
    ];
  });
}

/** @param {string} accept @param {string} label @param {(file: File) => void} chosen */
function picker(accept, label, chosen) {
  const input = el("input", { type: "file", hidden: true, accept: accept || null, "aria-label": label });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) chosen(file);
    input.value = "";
  });
  return input;
}

/** @param {File} file @returns {Promise<Blob>} */
async function asPhoto(file) {
  if (SENT_AS_THEY_ARE.has(file.type)) return file;
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new NoPicture();
  });
  const canvas = el("canvas", { width: bitmap.width, height: bitmap.height });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return new Promise((resolve, reject) => {
    const done = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new NoPicture()));
    canvas.toBlob(done, "image/jpeg", JPEG_QUALITY);
  });
}
