import { CHANNELS, type Channel, type FieldOfView } from '../../imaging/index.js';
import type { ChannelDisplay } from './compose.js';
import type { Look } from './scene.js';
import type { Words } from './words/index.js';

interface ViewerToolsProps {
  readonly field: FieldOfView;
  readonly look: Look;
  readonly words: Words;
  onLook(look: Look): void;
}

/** The channels' switches and sliders. */
export function ChannelTools({ field, look, words, onLook }: ViewerToolsProps) {
  const change = (channel: Channel, part: Partial<ChannelDisplay>) =>
    onLook({ ...look, display: { ...look.display, [channel]: { ...look.display[channel], ...part } } });
  return (
    <div class="tools">
      {CHANNELS.filter((channel) => field.channels[channel] !== null).map((channel) => (
        <fieldset key={channel} class={`channel ${channel}`}>
          <legend>
            <label>
              <input
                type="checkbox"
                checked={look.display[channel].shown}
                onChange={(event) => change(channel, { shown: event.currentTarget.checked })}
              />
              {words.channels[channel]}
            </label>
          </legend>
          <Slider
            label={words.brightness}
            name={`${words.brightness}, ${words.channels[channel]}`}
            range={[0.2, 5]}
            value={look.display[channel].brightness}
            onInput={(brightness) => change(channel, { brightness })}
          />
          <Slider
            label={words.gamma}
            name={`${words.gamma}, ${words.channels[channel]}`}
            range={[0.2, 2]}
            value={look.display[channel].gamma}
            onInput={(gamma) => change(channel, { gamma })}
          />
        </fieldset>
      ))}
    </div>
  );
}

/** Outlines, and what the cells are coloured by. */
export function CellTools({ look, words, onLook }: Omit<ViewerToolsProps, 'field'>) {
  return (
    <>
      <label>
        <input
          type="checkbox"
          checked={look.cellOutlines}
          onChange={(event) => onLook({ ...look, cellOutlines: event.currentTarget.checked })}
        />
        {words.outlines}
      </label>
      <label>
        <input
          type="checkbox"
          checked={look.nucleusOutlines}
          onChange={(event) => onLook({ ...look, nucleusOutlines: event.currentTarget.checked })}
        />
        {words.nucleusOutlines}
      </label>
      <label>
        {words.colourBy}{' '}
        <select
          value={`${look.colour}`}
          onChange={({ currentTarget: { value } }) =>
            onLook({ ...look, colour: value === 'none' || value === 'location' ? value : Number(value) })
          }
        >
          <option value="none">{words.colourNone}</option>
          <option value="location">{words.colourLocation}</option>
          {words.locations.map((name, location) => (
            <option key={name} value={location}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

interface SliderProps {
  readonly label: string;
  /** For screen readers. */
  readonly name: string;
  readonly range: readonly [number, number];
  readonly value: number;
  onInput(value: number): void;
}

function Slider({ label, name, range: [min, max], value, onInput }: SliderProps) {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        aria-label={name}
        min={min}
        max={max}
        step={0.05}
        value={value}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
    </label>
  );
}
