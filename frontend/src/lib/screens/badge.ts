// The tab's icon tells how many sessions wait, for those who see tabs but not their titles.

const PLAIN = '/favicon.svg';

export function badge(count: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link === null) return;
  link.href = count === 0 ? PLAIN : `data:image/svg+xml,${encodeURIComponent(drawing(count))}`;
}

function drawing(count: number): string {
  const word = count > 9 ? '9+' : String(count);
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#ad4d2a"/>' +
    '<path d="M7 13l5 5-5 5" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>' +
    '<circle cx="21" cy="12" r="11" fill="#f4c04e"/>' +
    `<text x="21" y="18" font-family="sans-serif" font-size="${word.length > 1 ? 13 : 17}" font-weight="700" text-anchor="middle" fill="#201c14">${word}</text></svg>`
  );
}
