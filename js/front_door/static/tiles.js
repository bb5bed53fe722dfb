/** The tiles of the home screen: one for each other screen, with what it is for. */

import { say } from './words.js';

export const ICON = `
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <rect x="3" y="4" width="18" height="4" />
    <rect x="3" y="10" width="8" height="4" />
    <rect x="13" y="10" width="8" height="4" />
    <rect x="3" y="16" width="8" height="4" />
    <rect x="13" y="16" width="8" height="4" />
  </g>
</svg>`;

function tile({ name, path, title, about }, open) {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = 'cw-tile';
  node.dataset.screen = name;
  const heading = document.createElement('strong');
  heading.textContent = title;
  const line = document.createElement('span');
  line.textContent = about;
  node.append(heading, line);
  node.addEventListener('click', () => void open(path));
  return node;
}

/** All tiles. */
export function tiles(entries, open) {
  const node = document.createElement('nav');
  node.className = 'cw-tiles';
  node.setAttribute('aria-label', say('Screens'));
  const others = entries.filter(({ name }) => name !== 'home');
  node.append(...others.map((entry) => tile(entry, open)));
  return node;
}
