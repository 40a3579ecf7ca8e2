// Puts what was said and answered where it belongs: the channel, a thread, the asker's own messages.
import * as side from "./side.js";
import { dress } from "./views.js";

export const channel = document.querySelector('[data-place="channel"]');

// What the person typed, or the words on what was pressed.
export function own(list, words, pressed) {
  const bubble = fromTemplate("own-words");
  bubble.classList.toggle("pressed", pressed);
  bubble.querySelector("p").textContent = words;
  list.append(bubble);
  return bubble;
}

// Shows a reply. `from` is what was pressed, if anything was; `said` the person's own bubble above the answer.
export function show(reply, list, from, said) {
  const message = parsed(reply.html);
  dress(message);
  if (reply.replace && from?.isConnected) return replace(from.closest(".message"), message, from);
  if (reply.place === "direct") return keep(message, list);
  if (reply.place === "thread") return openThread(reply.thread, message, list);
  list.append(message);
  reveal(list, said ?? message);
}

function replace(old, message, from) {
  const label = from.textContent;
  old.replaceWith(message);
  const again = [...message.querySelectorAll("button")].find((button) => button.textContent === label);
  (again ?? message).focus({ preventScroll: true });
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
