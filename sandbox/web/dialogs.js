// Dialogs: the browser's own <dialog> keeps the focus inside, makes the page behind inert and closes on Esc.

import { append, h, iconButton, newId, refocus } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** A dialog with a title; `onClose` runs however it was closed. Returns {dialog, close}. */
export function openDialog({ title, body, footer, className = "", onClose = () => {} }) {
  const id = newId("dialog");
  const before = document.activeElement;
  const dialog = h("dialog", { class: `dialog ${className}`, "aria-labelledby": id });
  const close = () => dialog.close();
  append(dialog, [
    h("header", { class: "dialog-head" }, h("h2", { id }, title), iconButton("close", "Close", { onclick: close })),
    h("div", { class: "dialog-body" }, body),
    footer ? h("footer", { class: "dialog-foot" }, footer) : null,
  ]);
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose();
    refocus(before);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
}

/** Ask before doing; `asked` is Slack's confirm object. Resolves to whether the person agreed. */
export function confirmed(asked) {
  return new Promise((resolve) => {
    let agreed = false;
    const yes = h(
      "button",
      {
        type: "button",
        class: `button ${asked.style === "danger" ? "button-danger" : "button-primary"}`,
        onclick: () => {
          agreed = true;
          opened.close();
        },
      },
      asked.confirm?.text || "Yes",
    );
    const no = h("button", { type: "button", class: "button", onclick: () => opened.close() }, asked.deny?.text || "Cancel");
    const opened = openDialog({
      title: asked.title?.text || "Are you sure?",
      body: h("div", { class: "prose" }, textObject(asked.text)),
      footer: [no, yes],
      className: "dialog-small",
      onClose: () => resolve(agreed),
    });
    yes.focus();
  });
}

/** A plain question of the page itself. */
export const ask = (title, text, confirm, style) =>
  confirmed({ title: { text: title }, text: { type: "plain_text", text }, confirm: { text: confirm }, style });
