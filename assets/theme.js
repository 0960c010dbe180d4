// Before the first paint: a page that is to be dark must not flash. The rest is in src/lib/ui/theme.svelte.ts.
try {
  var choice = localStorage.getItem('claude-web.theme');
  if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
} catch {
  // Storage may be blocked; then the system decides.
}
