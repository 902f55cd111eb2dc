// Before the first paint: say that scripts run, so that what only scripts can fold is folded.
document.documentElement.classList.add("js");
