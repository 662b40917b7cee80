/** Places for crops in memory that all threads see. */
export interface CropSlots {
  readonly count: number;
  /** The memory, in pieces of `perSlab` slots each. */
  readonly slabs: readonly SharedArrayBuffer[];
  readonly perSlab: number;
  readonly cropBytes: number;
}

/** One piece of shared memory may hold so many bytes; larger ones are not to be had everywhere. */
const SLAB_BYTES = 256 * 2 ** 20;

/** Reserves places; the system gives the memory once it is written to. */
export function createSlots(count: number, cropBytes: number): CropSlots {
  const perSlab = Math.max(1, Math.floor(SLAB_BYTES / cropBytes));
  const slabs: SharedArrayBuffer[] = [];
  for (let first = 0; first < count; first += perSlab) {
    slabs.push(new SharedArrayBuffer(Math.min(perSlab, count - first) * cropBytes));
  }
  return { count, slabs, perSlab, cropBytes };
}

/** The bytes of one slot. */
export function slotBytes({ slabs, perSlab, cropBytes }: CropSlots, slot: number): Uint8Array {
  return new Uint8Array(slabs[Math.floor(slot / perSlab)], (slot % perSlab) * cropBytes, cropBytes);
}
