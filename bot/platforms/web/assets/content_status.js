// Authors work here: says when newer content was refused and why, when it is taken over, and when the bot is away.
const away = document.getElementById("away");
const problems = document.getElementById("problems");
const fresh = document.getElementById("fresh");
let version = null;
let reasons = "";

async function look() {
  try {
    const response = await fetch("/page/state");
    const state = await response.json();
    away.hidden = true;
    if (state.problems !== reasons) {
      reasons = state.problems;
      problems.innerHTML = reasons;
      problems.hidden = !reasons;
      fresh.hidden = true;
    }
    if (version && state.version !== version) flash();
    version = state.version;
  } catch {
    away.hidden = false;
  }
  setTimeout(look, 1000);
}

function flash() {
  fresh.hidden = false;
  setTimeout(() => (fresh.hidden = true), 6000);
}

look();
