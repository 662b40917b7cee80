/** What can be made of a predicted field's record and label images; the value is the media type. */
export const DOCUMENTS = {
  'cells.csv': 'text/csv; charset=utf-8',
  'fields.csv': 'text/csv; charset=utf-8',
  'submission.csv': 'text/csv; charset=utf-8',
  'coco.json': 'application/json',
  'cells.geojson': 'application/geo+json',
} as const;
export type DocumentName = keyof typeof DOCUMENTS;
export const DOCUMENT_NAMES = Object.keys(DOCUMENTS) as DocumentName[];
