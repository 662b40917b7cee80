import type { MessageValues } from '../../../common/index.js';
import type { Messages } from './messages.js';

const COLOURS: Readonly<Record<string, string>> = {
  microtubules: 'rouge',
  protein: 'vert',
  nuclei: 'bleu',
  er: 'jaune',
};

/** The file that is meant, or a word for it where the server did not say. */
const named = ({ file }: MessageValues) => (file === undefined ? 'Une image' : `${file}`);
const size = (found: MessageValues[string] | undefined) => (found === undefined ? '' : ` (${found})`);

export const MESSAGES_FR: Messages = {
  problems: {
    'channel-missing': ({ missing }) =>
      missing === undefined
        ? 'Il manque un canal : rouge, vert et bleu sont nécessaires.'
        : `Il manque un canal : ${`${missing}`
            .split(' ')
            .map((channel) => COLOURS[channel])
            .join(', ')}. Seul le jaune (réticulum endoplasmique) est facultatif.`,
    'channel-size': ({ first, other }) =>
      first === undefined
        ? "Toutes les images d'un champ doivent avoir la même taille."
        : `Toutes les images d'un champ doivent avoir la même taille : l'une fait ${first}, une autre ${other}.`,
    'channel-colour': (values) =>
      `${named(values)} : image en couleurs, et non un canal seul. Donnez une image grise par canal.`,
    'channel-twice': () => 'Un canal a été donné deux fois. Donnez une image par canal.',
    'composite-grey': (values) =>
      `${named(values)} : image grise, alors qu'un composite a trois couleurs. Choisissez son canal à la place de « Composite ».`,
    'file-empty': (values) => `${named(values)} : fichier vide (0 octet). Procurez-vous-le à nouveau.`,
    'image-format': (values) => `${named(values)} : le contenu n'est pas une image PNG, JPEG ou TIFF.`,
    'image-damaged': (values) =>
      `${named(values)} : image tronquée ou endommagée. Procurez-vous le fichier à nouveau.`,
    'image-depth': (values) =>
      `${named(values)} : les pixels ne sont ni en 8 ni en 16 bits. Enregistrez l'image en gris 8 ou 16 bits.`,
    'image-colour': (values) => `${named(values)} : image ni grise ni rouge-vert-bleu.`,
    'image-pages': (values) =>
      `${named(values)} : le fichier contient plusieurs pages. Enregistrez chaque canal dans son propre fichier.`,
    'image-transparent': (values) =>
      `${named(values)} : des pixels sont transparents, leur intensité est donc indéfinie. Enregistrez l'image sans transparence.`,
    'image-too-large': (values) =>
      `${named(values)} : trop de pixels${size(values.size)}. Découpez l'image en parties.`,
    'image-trailing-data': (values) =>
      `${named(values)} : des données suivent la fin de l'image. Enregistrez-la de nouveau.`,
    'image-ome': (values) =>
      `${named(values)} : le fichier n'est pas un OME-TIFF d'une seule image. Enregistrez-le comme tel (Fiji, QuPath), ou donnez un fichier par canal.`,
    'image-stack': (values) =>
      `${named(values)} : le fichier contient plusieurs hauteurs ou plusieurs instants. Enregistrez-en un seul, ou une projection du maximum.`,
    'image-pixel-size': (values) =>
      `${named(values)} : la taille de pixel indiquée ne peut pas être juste. Saisissez-la vous-même.`,
    'channel-unknown': (values) =>
      `${named(values)} : les noms des canaux ne disent pas ce qu'ils montrent. Choisissez à nouveau le fichier et précisez-le, ou donnez un fichier par canal.`,
    'no-fields': () => "Aucun champ complet n'a été trouvé parmi les images.",
    'bad-request': () => "Le serveur n'a pas compris la demande.",
    'bad-option': () => "Un réglage a une valeur que le serveur n'accepte pas.",
    'malformed-upload': () => 'Les images ne sont pas arrivées entières. Réessayez.',
    'unknown-part': () => "Le serveur ne connaît pas une partie de l'envoi.",
    'part-twice': () => 'Un canal a été donné deux fois. Donnez une image par canal.',
    'key-needed': () => 'Ce serveur demande une clé.',
    'foreign-origin': () => "Le serveur refuse les demandes venues d'autres sites.",
    'foreign-host': () => "Le serveur n'est pas joint sous ce nom.",
    'not-found': () => "Le serveur n'a rien à cette adresse.",
    'prediction-unknown': () => 'Le serveur ne garde plus cette prédiction.',
    'file-not-made': () => "Le serveur n'a pas produit ce fichier.",
    'prediction-unfinished': () => "Le serveur n'a pas encore terminé ce champ.",
    'upload-timeout': () => "L'envoi des images a pris trop de temps. Réessayez, ou passez en mode privé.",
    'file-too-large': () => 'Un fichier est trop grand pour ce serveur.',
    'too-many-parts': () => "L'envoi contient plus de fichiers qu'un champ ne peut en avoir.",
    'not-multipart': () => "Le serveur n'a pas compris l'envoi.",
    'images-unusable': () => 'Les images sont inutilisables.',
    'job-timeout': () => 'Le champ a demandé trop de temps. Découpez-le en champs plus petits.',
    'job-interrupted': () => 'Le serveur a été arrêté pendant le travail. Réessayez.',
    'too-many-requests': () => 'Trop de demandes à la fois. Attendez une minute et réessayez.',
    'queue-full': () => 'Le serveur est occupé. Réessayez dans un moment.',
    'not-writable': () => "Le serveur n'a plus de place. Prévenez la personne qui s'en occupe.",
    internal: () =>
      "Une erreur inattendue s'est produite dans le serveur. Prévenez la personne qui s'en occupe.",
    'server-unreachable': () => 'Le serveur ne répond pas.',
    'page-closed': () => 'La page a été fermée avant la fin du travail sur ce champ.',
    'page-failed': ({ message }) =>
      `Une erreur inattendue s'est produite dans cette page${message ? ` : ${message}` : ''}.`,
    'corrections-unsaved': () => "Elles n'ont pas été enregistrées avant la fermeture de la page.",
    'private-mode': () => "Le mode privé est activé : le serveur n'est pas interrogé.",
    'model-shape': () => 'Le réseau chargé ne convient pas à cette page. Rechargez la page.',
    'device-absent': () => 'Le processeur graphique est inutilisable.',
    'device-wrong': () => 'Le processeur graphique calcule mal.',
    'device-lost': () => 'Le processeur graphique a été perdu.',
    'device-failed': () => 'Le processeur graphique a échoué.',
  },
  warnings: {
    'nuclei-dark': () =>
      'Le canal des noyaux est sombre : les noyaux sont cherchés comme des vides dans les microtubules et le réticulum endoplasmique, et restent approximatifs.',
    'cells-hardly-shown': ({ er }) =>
      `Les microtubules sont sombres et le réticulum endoplasmique est ${er === 'missing' ? 'absent' : 'sombre'} : les contours suivent le peu de signal visible, sinon ils entourent les noyaux à 5 µm.`,
    'microtubules-dark': () =>
      'Les microtubules sont sombres : les cellules sont délimitées par le seul réticulum endoplasmique.',
    'er-not-shown': ({ er }) =>
      `Le réticulum endoplasmique est ${er === 'missing' ? 'absent' : 'sombre'} : les cellules sont délimitées par les seuls microtubules.`,
  },
};
