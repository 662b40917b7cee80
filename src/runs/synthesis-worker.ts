import sharp from 'sharp';
import { writeSyntheticField } from './synthesis-field.js';

// One thread a worker: as many workers as processors would otherwise start that many squared.
sharp.concurrency(1);

/** The job of a worker thread (piscina). */
export default writeSyntheticField;
