// Wires the page together: lines, presses, the theme.
import { ask } from "./api.js";
import * as conversation from "./conversation.js";
import * as forms from "./forms.js";
import * as suggesting from "./suggestions.js";
import "./content_status.js";

const line = document.getElementById("line");
const failed = document.getElementById("failed");
const dark = document.getElementById("dark");

async function say(words) {
  const said = conversation.say(words);
  await answered("line", { line: words }, conversation.channel, { said });
}

async function press(button) {
  const list = button.closest(".messages");
  await answered(button.dataset.action, {}, list, { button });
  const menu = button.closest("details");
  if (menu) menu.open = false;
}

async function answered(action, inputs, list, asked) {
  failed.textContent = "";
  try {
    const answer = await ask(action, inputs, list.dataset.place, asked.button?.closest(".message"));
    if (answer.kind === "form") forms.open(answer.html, list, asked);
    else conversation.show(answer, list, asked);
  } catch (error) {
    failed.textContent = error.message;
    if (asked.said) {
      asked.said.remove();
      line.value ||= inputs.line;
    }
  }
}

document.getElementById("asking").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = line.value;
  suggesting.close();
  if (!words.trim()) return;
  line.value = "";
  say(words);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-action], button[data-line]");
  if (!button || button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  await (button.dataset.line ? say(button.dataset.line) : press(button));
  button.ariaDisabled = null;
});

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
dark.ariaPressed = String(isDark());
dark.addEventListener("click", () => {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  dark.ariaPressed = String(theme === "dark");
});
