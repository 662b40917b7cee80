import { UsageError } from '../common/index.js';
import { CHANNELS, type Channel } from '../imaging/index.js';
import { type ChannelNames, parseChannelNames } from '../io/index.js';

/** Parser of a whole number for commander; the message names the option. */
export function wholeNumber(option: string, low: number, high = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && value >= low && value <= high) return value;
    const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `from ${low} to ${high}`;
    throw new UsageError('bad-option', `${option} is "${text}", expected a whole number ${range}`);
  };
}

/** Parser of a number above 0 for commander. */
export function positiveNumber(option: string) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
    throw new UsageError('bad-option', `${option} is "${text}", expected a number above 0`);
  };
}

/** Parser of an area of 0 um2 or more for commander. */
export function areaUm2(option: string) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
    throw new UsageError('bad-option', `${option} is "${text}", expected an area in um2, 0 or more`);
  };
}

/** Parser of a share in [0, 1] for commander. */
export function share(option: string) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= 0 && value <= 1) return value;
    throw new UsageError('bad-option', `${option} is "${text}", expected a number from 0 to 1`);
  };
}

/** Parser of a number from 0 on for commander. */
export function numberFrom0(option: string) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
    throw new UsageError('bad-option', `${option} is "${text}", expected a number from 0 on`);
  };
}

/** Parser of channels joined by commas, none twice, for commander. */
export function channelList(option: string) {
  return (text: string): Channel[] => {
    const names = text.split(',').map((name) => name.trim());
    const channels = names.flatMap((name) => CHANNELS.filter((channel) => channel === name));
    if (channels.length === names.length && new Set(names).size === names.length) return channels;
    throw new UsageError(
      'bad-option',
      `${option} is "${text}", expected some of ${CHANNELS.join(',')}, joined by commas, none twice`,
    );
  };
}

/** One fold of several, counted from 1. */
export interface Fold {
  readonly number: number;
  readonly of: number;
}

/** Parser of a fold such as 2/5 for commander. */
export function foldOption(option: string) {
  return (text: string): Fold => {
    const [, number, of] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
    const fold = { number: Number(number), of: Number(of) };
    if (fold.of >= 2 && fold.number >= 1 && fold.number <= fold.of) return fold;
    throw new UsageError(
      'bad-option',
      `${option} is "${text}", expected a fold such as 1/5: the first of five`,
    );
  };
}

/** Parser of what files call the channels, such as `dapi=nuclei,gfp=protein`, for commander. */
export function channelNames(option: string) {
  return (text: string): ChannelNames => {
    const names = parseChannelNames(text);
    if (names !== null) return names;
    throw new UsageError(
      'bad-option',
      `${option} is "${text}", expected what files call each channel, such as red=microtubules,green=protein,blue=nuclei,yellow=er (only er may be left out)`,
    );
  };
}
