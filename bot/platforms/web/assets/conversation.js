// Puts what was said and answered where it belongs: the channel, a thread, the asker's own messages.
import * as side from "./side_panel.js";
import { dress } from "./preview_switch.js";

export const channel = document.querySelector('[data-place="channel"]');

// What the person typed.
export function say(words) {
  return own(channel, words);
}

// Shows a reply to what was said (its bubble stands in the list already), or to the press of a button.
export function show(reply, list, { said, button }) {
  const message = parsed(reply.html);
  dress(message);
  const pressed = button?.closest(".message");
  if (reply.replace && pressed?.isConnected) return replace(pressed, message, button);
  if (reply.place === "direct") return keep(message, list);
  const airs = message.dataset.audience === "everyone" && list.dataset.audience === "asker";
  if (airs && reply.place === "here") return share(message);
  const bubble = said ?? own(list, button.textContent, "pressed");
  if (reply.place === "thread") return openThread(reply.thread, message, list);
  list.append(message);
  reveal(list, bubble);
}

// What is for everyone never stands among what only the asker sees.
function share(message) {
  side.makeWay();
  channel.append(message);
  reveal(channel, message);
}

function own(list, words, look) {
  const bubble = fromTemplate("own-words");
  if (look) bubble.classList.add(look);
  bubble.querySelector("p").textContent = words;
  list.append(bubble);
  return bubble;
}

function replace(old, message, button) {
  const label = button.textContent;
  old.replaceWith(message);
  const again = [...message.querySelectorAll("button")].find((other) => other.textContent === label);
  (again ?? message).focus({ preventScroll: true });
  const scroll = message.closest(".scroll");
  if (message.getBoundingClientRect().top < scroll.getBoundingClientRect().top) reveal(scroll, message);
}

function keep(message, list) {
  side.messages.append(message);
  side.arrived();
  if (list === side.messages) return reveal(list, message);
  const door = fromTemplate("sent");
  list.append(door);
  const button = door.querySelector("button");
  button.addEventListener("click", () => {
    side.open(side.messages, button);
    reveal(side.messages, message);
  });
  reveal(list, door);
}

function openThread(thread, message, list) {
  const replies = side.thread(thread);
  replies.append(message);
  const door = fromTemplate("thread-door");
  door.querySelector(".name").textContent = thread.name;
  door.querySelector(".seen").textContent = thread.seen;
  const button = door.querySelector("button");
  button.addEventListener("click", () => side.open(replies, button));
  (list.closest("aside") ? channel : list).append(door);
  reveal(channel, door);
  side.open(replies, button);
}

function reveal(list, node) {
  const scroll = list.closest(".scroll");
  const above = node.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  scroll.scrollTo({ top: scroll.scrollTop + above - 12 });
}

function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const message = holder.content.firstElementChild;
  message.classList.add("new");
  return message;
}

function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
