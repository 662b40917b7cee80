import { locationIndex } from '../common/index.js';

/** The 28 classes of the 2018 image-level competition, each with its place among the 19; null where it has none. */
const CLASSES_2018: readonly (readonly [name: string, folded: string | null])[] = [
  ['Nucleoplasm', 'Nucleoplasm'],
  ['Nuclear membrane', 'Nuclear membrane'],
  ['Nucleoli', 'Nucleoli'],
  ['Nucleoli fibrillar center', 'Nucleoli fibrillar center'],
  ['Nuclear speckles', 'Nuclear speckles'],
  ['Nuclear bodies', 'Nuclear bodies'],
  ['Endoplasmic reticulum', 'Endoplasmic reticulum'],
  ['Golgi apparatus', 'Golgi apparatus'],
  ['Peroxisomes', 'Vesicles and punctate cytosolic patterns'],
  ['Endosomes', 'Vesicles and punctate cytosolic patterns'],
  ['Lysosomes', 'Vesicles and punctate cytosolic patterns'],
  ['Intermediate filaments', 'Intermediate filaments'],
  ['Actin filaments', 'Actin filaments'],
  ['Focal adhesion sites', 'Actin filaments'],
  ['Microtubules', 'Microtubules'],
  ['Microtubule ends', 'Microtubules'],
  ['Cytokinetic bridge', null],
  ['Mitotic spindle', 'Mitotic spindle'],
  ['Microtubule organizing center', 'Centrosome'],
  ['Centrosome', 'Centrosome'],
  ['Lipid droplets', 'Vesicles and punctate cytosolic patterns'],
  ['Plasma membrane', 'Plasma membrane'],
  ['Cell junctions', 'Plasma membrane'],
  ['Mitochondria', 'Mitochondria'],
  ['Aggresome', 'Aggresome'],
  ['Cytosol', 'Cytosol'],
  ['Cytoplasmic bodies', 'Vesicles and punctate cytosolic patterns'],
  ['Rods & rings', null],
];

/** Class id among the 19 locations for each class id of 2018; null where the class has no place. */
export const FOLD_2018: readonly (number | null)[] = CLASSES_2018.map(([, folded]) =>
  folded === null ? null : locationIndex(folded),
);

/** Names of the 28 classes, by class id. */
export const CLASS_NAMES_2018: readonly string[] = CLASSES_2018.map(([name]) => name);
