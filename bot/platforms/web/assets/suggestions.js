// The list over the line: ARIA's editable combobox with a listbox. Focus never leaves the line.
import { post } from "./api.js";

const line = document.getElementById("line");
const list = document.getElementById("suggestions");
let active = -1;
let latest = 0;

async function suggest() {
  const mine = ++latest;
  const typed = line.value;
  if (!typed.trim()) return close();
  const told = await post("suggest", { typed }).catch(() => ({ suggestions: [] }));
  if (mine !== latest) return;
  const found = told.suggestions.filter((suggestion) => suggestion.line !== typed);
  list.replaceChildren(...found.map(option));
  active = -1;
  line.removeAttribute("aria-activedescendant");
  list.hidden = !found.length;
  line.setAttribute("aria-expanded", String(found.length > 0));
}

function option({ label, hint, line: made }, number) {
  const item = document.createElement("li");
  const beside = document.createElement("span");
  item.id = `suggestion-${number}`;
  item.role = "option";
  item.ariaSelected = "false";
  item.dataset.line = made;
  beside.textContent = hint;
  item.append(label, " ", beside);
  return item;
}

function move(to) {
  const options = list.children;
  active = (to + options.length) % options.length;
  [...options].forEach((item, number) => (item.ariaSelected = String(number === active)));
  line.setAttribute("aria-activedescendant", options[active].id);
  options[active].scrollIntoView({ block: "nearest" });
}

function pick(item) {
  line.value = item.dataset.line;
  line.focus();
  if (line.value.endsWith(" ")) suggest();
  else close();
}

export function close() {
  latest++;
  active = -1;
  list.hidden = true;
  line.setAttribute("aria-expanded", "false");
  line.removeAttribute("aria-activedescendant");
}

line.addEventListener("input", suggest);
line.addEventListener("blur", close);
line.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (list.hidden) {
    if (event.key === "ArrowDown") suggest();
    return;
  }
  if (event.key === "ArrowDown") move(active + 1);
  else if (event.key === "ArrowUp") move(active < 0 ? -1 : active - 1);
  else if (event.key === "Enter" && active >= 0) pick(list.children[active]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});
list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the line
list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (item) pick(item);
});
