// A form as a dialog; what was typed stays there until the bot has answered.
import { ask } from "./api.js";
import * as conversation from "./conversation.js";

const dialog = document.getElementById("form");

export function open(html, list, asked) {
  dialog.innerHTML = html;
  const form = dialog.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const send = form.querySelector(".primary");
    if (send.ariaDisabled === "true") return;
    send.ariaDisabled = "true";
    try {
      const answer = await ask(form.dataset.submit, Object.fromEntries(new FormData(form)), list.dataset.place);
      dialog.close();
      if (answer.kind === "form") open(answer.html, list, asked);
      else conversation.show(answer, list, asked);
    } catch (error) {
      form.querySelector(".failed").textContent = error.message;
    } finally {
      send.ariaDisabled = null;
    }
  });
  form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  dialog.showModal();
}
