import { LOCATIONS_FRENCH } from '../../../common/index.js';
import { MESSAGES_FR } from './messages-fr.js';
import type { Words } from './words.js';

const comma = (text: string) => text.replace('.', ',');

export const FR: Words = {
  ...MESSAGES_FR,
  title: 'Cytolocus',
  subtitle: 'De quatre images à une place dans chaque cellule',
  language: 'Langue',
  percent: (share) => comma(`${(100 * share).toFixed(2)}\u00a0%`),

  choose: "Veuillez sélectionner toutes les images d'un ou de plusieurs champs",
  chooseText:
    'Déposez les images ici : rouge (microtubules), vert (protéine), bleu (noyaux), jaune (réticulum endoplasmique). PNG, JPEG ou TIFF, un fichier par canal, ou un OME-TIFF.',
  chooseButton: 'Choisir des images',
  example: 'Essayer un exemple (synthétique)',
  channels: {
    microtubules: 'Microtubules (rouge)',
    protein: 'Protéine (vert)',
    nuclei: 'Noyaux (bleu)',
    er: 'RE (jaune)',
    composite: 'Composite',
    image: 'OME-TIFF',
  },
  unnamedChannel: (number) => `Canal ${number}, sans nom`,
  channelOpen: 'à choisir …',
  channelUnused: 'non utilisé',
  sayChannels: (missing) => `Veuillez préciser quels canaux du fichier montrent : ${missing}.`,
  sayEr: "Veuillez préciser lequel des autres canaux montre le RE, ou qu'aucun d'eux n'est utilisé.",
  fieldName: 'Champ',
  pixelSize: 'Taille du pixel (µm)',
  pixelSizeHint: "vide : l'échelle de l'atlas",
  send: 'Localiser la protéine',

  privateMode: 'Mode privé',
  privateHint: 'Les images ne quittent pas ce navigateur',
  privateLoading: 'Chargement du réseau …',
  privateReady: 'Mode privé activé : rien ne quitte ce navigateur, et il fonctionne hors ligne.',
  privateFailed:
    "Le réseau n'a pas pu être chargé : rien ne peut être localisé ici. Désactivez le mode privé, ou réactivez-le pour réessayer.",
  devices: {
    cpu: 'Le processeur calcule (WebAssembly).',
    webgpu: 'Le processeur graphique calcule (WebGPU).',
  },

  fields: 'Champs',
  fieldsKept: "Images et résultats restent dans ce navigateur jusqu'à ce que vous les retiriez.",
  fieldsNotKept:
    'Ce navigateur ne garde rien : à la fermeture ou au rechargement de la page, ces champs seront perdus.',
  remove: 'Retirer',
  retry: 'Réessayer',
  key: "Clé d'accès",
  stages: {
    sending: 'Envoi des images',
    busy: "Le serveur est occupé ; le champ sera envoyé dès qu'il y aura de la place",
    queued: 'En attente',
    read: 'Images lues, contours des cellules en cours',
    segmented: 'Contours tracés, localisation de la protéine',
    classified: 'Protéine localisée',
    done: 'Terminé',
    failed: 'Échec',
  },

  prediction: 'Prédiction :',
  confidence: 'confiance :',
  noCell: "Aucune cellule n'a été trouvée",
  cellCount: (count) => (count < 2 ? `${count} cellule` : `${count} cellules`),
  seconds: (seconds) => comma(`${seconds.toFixed(1)} s`),
  scale: (um, assumed) =>
    comma(`${Number(um.toPrecision(3))} µm par pixel${assumed ? ", supposé : l'échelle de l'atlas" : ''}`),
  notes: 'Remarques sur ce champ',
  keptHere: 'Ce que vous voyez a été gardé dans ce navigateur ; les corrections restent ici.',

  viewer: 'Visionneuse',
  viewerHelp:
    'Glisser pour déplacer, molette ou + et − pour zoomer, flèches pour déplacer, 0 pour tout voir ; cliquer une cellule, ou n et p pour la suivante et la précédente.',
  brightness: 'Luminosité',
  gamma: 'Gamma',
  outlines: 'Contours des cellules',
  nucleusOutlines: 'Contours des noyaux',
  colourBy: 'Colorer les cellules',
  colourNone: 'non',
  colourLocation: 'par localisation',
  zoomIn: 'Agrandir',
  zoomOut: 'Réduire',
  fit: 'Champ entier',

  cell: (cell) => `Cellule ${cell}`,
  cellTitle: 'La cellule',
  noCellChosen: "Cliquez une cellule dans l'image ou choisissez-la dans le tableau.",
  runnerUp: 'En second :',
  why: 'Pourquoi ?',
  whyText: "Les carrés clairs parlent pour cette localisation : ce qu'ils montrent augmente son score.",
  whyWorking: 'Calcul en cours …',
  scores: 'Scores de toutes les localisations',

  correct: 'Corriger cette cellule',
  correctText: "Choisissez ses vraies localisations, ou dites que ce n'est pas une cellule.",
  deleteCell: "Ce n'est pas une cellule",
  save: 'Enregistrer',
  undo: 'Annuler la correction',
  saving: 'Enregistrement …',
  saved: 'Enregistré.',
  savedHere: 'Gardé dans ce navigateur.',
  notSaved: 'Vos corrections sont dans ce navigateur, mais pas enregistrées sur le serveur.',
  corrected: 'corrigé',
  noCellMark: 'pas une cellule',

  cells: 'Cellules',
  area: 'Aire (µm²)',
  nucleusArea: 'Noyau (µm²)',
  location: 'Localisation',
  score: 'Score',
  edge: 'Au bord',
  edgeYes: 'oui',
  filterLocation: 'Montrer les cellules avec',
  all: 'toute localisation',
  leastScore: 'Score minimal',
  cellsShown: (shown, all) => `${shown} cellules sur ${all}`,

  charts: 'Le champ en chiffres',
  meanScores:
    'Barres : score moyen de chaque localisation sur les cellules (± écart type). Traits : les cellules une à une.',
  compare: 'Comparer les champs',
  compareText: 'Score moyen de chaque localisation',

  exports: 'Télécharger',
  figure: "Figure (PNG), telle qu'affichée",
  corrections: "Tables d'apprentissage des cellules corrigées",

  locations: LOCATIONS_FRENCH,
};
