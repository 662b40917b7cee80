import { InputError } from './errors.js';

/** The 19 classes of the 2021 competition; a location's class id is its index here. */
export const LOCATIONS = [
  'Nucleoplasm',
  'Nuclear membrane',
  'Nucleoli',
  'Nucleoli fibrillar center',
  'Nuclear speckles',
  'Nuclear bodies',
  'Endoplasmic reticulum',
  'Golgi apparatus',
  'Intermediate filaments',
  'Actin filaments',
  'Microtubules',
  'Mitotic spindle',
  'Centrosome',
  'Plasma membrane',
  'Mitochondria',
  'Aggresome',
  'Cytosol',
  'Vesicles and punctate cytosolic patterns',
  'Negative',
] as const;

/** The same in French, by class id. */
export const LOCATIONS_FRENCH: readonly string[] = [
  'Nucléoplasme',
  'Membrane nucléaire',
  'Nucléoles',
  'Centre fibrillaire des nucléoles',
  'Mouchetures nucléaires',
  'Corps nucléaires',
  'Réticulum endoplasmique',
  'Appareil de Golgi',
  'Filaments intermédiaires',
  'Filaments d’actine',
  'Microtubules',
  'Fuseau mitotique',
  'Centrosome',
  'Membrane plasmique',
  'Mitochondries',
  'Agrésome',
  'Cytosol',
  'Vésicules et motifs cytosoliques ponctués',
  'Négatif',
];

/** Class id of `Negative`: the protein is not seen in the cell. */
export const NEGATIVE = 18;

/** One score in [0, 1] a location, in the order of `LOCATIONS`; independent of each other, not a softmax. */
export type LocationScores = Float32Array;

/**
 * Class id of a location, given by its id or its name (case does not matter).
 * @throws InputError `unknown-location`
 */
export function locationIndex(nameOrId: string): number {
  const text = nameOrId.trim();
  if (/^\d+$/.test(text) && Number(text) < LOCATIONS.length) return Number(text);
  const index = LOCATIONS.findIndex((name) => name.toLowerCase() === text.toLowerCase());
  if (index >= 0) return index;
  throw new InputError(
    'unknown-location',
    `unknown location "${nameOrId}": expected a class id 0 to ${LOCATIONS.length - 1} or one of ${LOCATIONS.join(', ')}`,
  );
}
