/**
 * The errors that Cytolocus throws on purpose. Each has a stable `code` for programs and a message for people that
 * names the thing, what was found, what was expected and what to do. Anything else that reaches a face is a bug.
 */

/** What a message names (a file, a size, a colour), for faces that say it in another language. */
export type MessageValues = Readonly<Record<string, string | number>>;

export interface CytolocusErrorOptions extends ErrorOptions {
  readonly values?: MessageValues;
}

/** Base of the family: catch this to tell expected failures from bugs. */
export class CytolocusError extends Error {
  /** Stable, kebab-case name of what went wrong, e.g. `channel-missing`. */
  readonly code: string;
  readonly values: MessageValues;

  constructor(code: string, message: string, options: CytolocusErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.values = options.values ?? {};
  }
}

/** A file, folder, table or image that was given is not what it should be. */
export class InputError extends CytolocusError {}

/** A network file is unreadable, or does not fit the data it is asked to work on. */
export class ModelError extends CytolocusError {}

/** A graph was built from tensors whose shapes do not fit: names the operator, the expected and the found shape. */
export class ShapeError extends CytolocusError {}

/** The command line was wrong: exit code 2. */
export class UsageError extends CytolocusError {}
