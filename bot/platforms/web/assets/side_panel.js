// The panel at the side: one thread, or the asker's own messages.
const panel = document.getElementById("side");
const scroll = document.getElementById("side-scroll");
const title = document.getElementById("side-name");
const opener = document.getElementById("open-messages");
const unread = document.getElementById("unread");
const narrow = window.matchMedia("(max-width: 56rem)");
let returnTo = opener;

export const messages = scroll.querySelector('[data-place="messages"]');

// A new list of messages for a thread that the bot opened.
export function thread({ id, name, audience, seen }) {
  const list = messages.cloneNode(false);
  Object.assign(list.dataset, { place: id, name, audience, seen });
  list.setAttribute("aria-label", name);
  scroll.append(list);
  return list;
}

export function open(list, from) {
  for (const other of scroll.querySelectorAll(".messages")) other.hidden = other !== list;
  scroll.querySelector(".empty").hidden = list.childElementCount > 0;
  title.textContent = list.dataset.name;
  document.getElementById("side-seen").textContent = list.dataset.seen;
  panel.hidden = false;
  opener.setAttribute("aria-expanded", String(list === messages));
  if (list === messages) count(0);
  returnTo = from ?? opener;
  title.focus({ preventScroll: true });
}

// On a phone the panel covers the channel: it makes way for what has arrived there.
export function makeWay() {
  if (narrow.matches && !panel.hidden) close();
}

export function close() {
  panel.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  (returnTo.isConnected ? returnTo : opener).focus();
}

// Whether the list can be seen at this moment.
export function shown(list) {
  return !panel.hidden && !list.hidden;
}

export function arrived() {
  if (!shown(messages)) count(Number(unread.textContent) + 1);
  scroll.querySelector(".empty").hidden ||= shown(messages);
}

function count(number) {
  unread.textContent = number || "";
  unread.hidden = !number;
}

opener.addEventListener("click", () => (shown(messages) ? close() : open(messages)));
document.getElementById("close-side").addEventListener("click", close);
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
