import type { MessageValues } from '../../../common/index.js';
import type { Messages } from './messages.js';

const COLOURS: Readonly<Record<string, string>> = {
  microtubules: 'red',
  protein: 'green',
  nuclei: 'blue',
  er: 'yellow',
};

/** The file that is meant, or a word for it where the server did not say. */
const named = ({ file }: MessageValues) => (file === undefined ? 'An image' : `${file}`);
const size = (found: MessageValues[string] | undefined) => (found === undefined ? '' : ` (${found})`);

export const MESSAGES_EN: Messages = {
  problems: {
    'channel-missing': ({ missing }) =>
      missing === undefined
        ? 'A channel is missing: red, green and blue are needed.'
        : `A channel is missing: ${`${missing}`
            .split(' ')
            .map((channel) => COLOURS[channel])
            .join(', ')}. Only yellow (endoplasmic reticulum) may be left out.`,
    'channel-size': ({ first, other }) =>
      first === undefined
        ? 'The images of a field must all have the same size.'
        : `The images of a field must all have the same size: one is ${first}, another ${other}.`,
    'channel-colour': (values) =>
      `${named(values)} is a colour picture, not a single channel. Give one grey image for each channel.`,
    'channel-twice': () => 'A channel was given twice. Give one image for each channel.',
    'composite-grey': (values) =>
      `${named(values)} is grey, but a composite holds three colours. Choose its channel instead of “Composite”.`,
    'file-empty': (values) => `${named(values)} is empty (0 bytes). Get the file again.`,
    'image-format': (values) => `${named(values)} is no PNG, JPEG or TIFF image inside.`,
    'image-damaged': (values) => `${named(values)} is cut short or damaged. Get the file again.`,
    'image-depth': (values) =>
      `${named(values)} has pixel values other than 8 or 16 bit. Save it as 8-bit or 16-bit grey.`,
    'image-colour': (values) => `${named(values)} is neither grey nor red-green-blue.`,
    'image-pages': (values) =>
      `${named(values)} holds several pages. Save each channel as a file of its own.`,
    'image-transparent': (values) =>
      `${named(values)} has transparent pixels, whose intensity is not defined. Save it without transparency.`,
    'image-too-large': (values) =>
      `${named(values)} has too many pixels${size(values.size)}. Cut it into parts.`,
    'image-trailing-data': (values) => `${named(values)} goes on after its end. Save it anew.`,
    'image-ome': (values) =>
      `${named(values)} is no OME-TIFF of one image. Save it as such (Fiji, QuPath), or give a file for each channel.`,
    'image-stack': (values) =>
      `${named(values)} holds several heights or times. Save one of them, or a maximum projection.`,
    'image-pixel-size': (values) =>
      `${named(values)} gives a pixel size that cannot be right. Type the pixel size yourself.`,
    'channel-unknown': (values) =>
      `${named(values)}: which channel is which cannot be told from their names. Choose the file again and say it, or give a file for each channel.`,
    'no-fields': () => 'No complete field of view was found among the images.',
    'bad-request': () => 'The server did not understand the request.',
    'bad-option': () => 'A setting has a value that the server does not take.',
    'malformed-upload': () => 'The images did not arrive whole. Try again.',
    'unknown-part': () => 'The server does not know a part of what was sent.',
    'part-twice': () => 'A channel was given twice. Give one image for each channel.',
    'key-needed': () => 'This server asks for a key.',
    'foreign-origin': () => 'The server refuses requests that come from other web sites.',
    'foreign-host': () => 'The server is not reached under this name.',
    'not-found': () => 'The server has nothing at this address.',
    'prediction-unknown': () => 'The server no longer keeps this prediction.',
    'file-not-made': () => 'The server did not make this file.',
    'prediction-unfinished': () => 'The server is not done with this field yet.',
    'upload-timeout': () => 'Sending the images took too long. Try again, or use private mode.',
    'file-too-large': () => 'A file is too large for this server.',
    'too-many-parts': () => 'More files were sent than a field can have.',
    'not-multipart': () => 'The server did not understand the upload.',
    'images-unusable': () => 'The images cannot be used.',
    'job-timeout': () => 'The field took too long. Cut it into smaller ones.',
    'job-interrupted': () => 'The server was stopped during the work. Try again.',
    'too-many-requests': () => 'Too many requests at once. Wait a minute and try again.',
    'queue-full': () => 'The server is busy. Try again in a while.',
    'not-writable': () => 'The server has no room left. Tell who runs it.',
    internal: () => 'Something unexpected went wrong in the server. Tell who runs it.',
    'server-unreachable': () => 'The server does not answer.',
    'page-closed': () => 'The page was closed before the field was done.',
    'page-failed': ({ message }) =>
      `Something unexpected went wrong in this page${message ? `: ${message}` : ''}.`,
    'corrections-unsaved': () => 'They were not saved before the page was closed.',
    'private-mode': () => 'Private mode is on: the server is not asked.',
    'model-shape': () => 'The network that was loaded does not fit this page. Reload the page.',
    'device-absent': () => 'The graphics processor cannot be used.',
    'device-wrong': () => 'The graphics processor calculates wrongly.',
    'device-lost': () => 'The graphics processor was lost.',
    'device-failed': () => 'The graphics processor failed.',
  },
  warnings: {
    'nuclei-dark': () =>
      'The nuclei channel is dark: nuclei are sought as gaps in microtubules and endoplasmic reticulum, and are only rough.',
    'cells-hardly-shown': ({ er }) =>
      `Microtubules are dark, and the endoplasmic reticulum is ${er === 'missing' ? 'missing' : 'dark'} too: outlines follow what little is seen, else they lie 5 µm around the nuclei.`,
    'microtubules-dark': () =>
      'The microtubules are dark: cells are outlined by the endoplasmic reticulum alone.',
    'er-not-shown': ({ er }) =>
      `The endoplasmic reticulum is ${er === 'missing' ? 'missing' : 'dark'}: cells are outlined by the microtubules alone.`,
  },
};
