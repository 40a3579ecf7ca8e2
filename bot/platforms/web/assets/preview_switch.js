// The author's switch: every reply as the page shows it, or as a platform would be sent it.
let view = "page";

export function dress(message) {
  for (const part of message.querySelectorAll("[data-view]")) part.hidden = part.dataset.view !== view;
}

for (const radio of document.querySelectorAll('input[name="view"]')) {
  radio.addEventListener("change", () => {
    view = radio.value;
    document.querySelectorAll(".message").forEach(dress);
  });
}
