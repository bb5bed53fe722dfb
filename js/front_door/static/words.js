/** The front door's own words, in the language of the company's people. */

let words = {};

/** Take the words that the server gives: English to the reader's language. */
export function learn(PageConfig) {
  words = JSON.parse(PageConfig.getOption('collectionWorkbenchWords') || '{}');
}

/** A text in the reader's language; in English where it has no other words. */
export function say(text) {
  return words[text] ?? text;
}
