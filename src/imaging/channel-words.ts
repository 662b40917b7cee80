import type { Channel } from './plane.js';

/** Words that tell a channel in names of files and of an OME-TIFF's channels, the atlas's colours first. */
export const CHANNEL_WORDS: Readonly<Record<Channel, RegExp>> = {
  microtubules: wordsOf('red|microtubules?|tubulin|mt'),
  protein: wordsOf('green|protein|target|antibody'),
  nuclei: wordsOf('blue|nuclei|nucleus|dapi|hoechst|dna'),
  er: wordsOf('yellow|er|calreticulin|reticulum'),
};

/** One of the words, whole: not inside another word or number. */
function wordsOf(words: string): RegExp {
  return new RegExp(`(?:^|[^a-z0-9])(${words})(?=[^a-z0-9]|$)`, 'i');
}
