// The one way from the page to the bot.
const unanswered = document.getElementById("unanswered").content.textContent;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// The bot's answer; throws an Error whose message a person can read. `message` is the one that was pressed in.
export async function ask(action, inputs, place, message) {
  const buttons = message?.querySelectorAll("button[data-action]") ?? [];
  const showing = [...buttons].map((button) => button.dataset.action);
  return post("request", { action, inputs, place, zone, showing });
}

export async function post(what, body) {
  let response;
  try {
    response = await fetch(`/page/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error(unanswered);
  }
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(told.error ?? unanswered);
  return told;
}
