// Runs before anything is painted, so that the page never flashes in the other theme.
const chosen = localStorage.getItem("theme");
if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
