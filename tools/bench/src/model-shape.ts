/** Sizes of a benched classifier and of its batch. */
export interface ModelShape {
  readonly hidden: number
  readonly layers: number
  readonly vocabulary: number
  readonly batch: number
  readonly length: number
}

/** e.g. `H768 L6 V32000 batch 32×24`. */
export const shapeName = ({ hidden, layers, vocabulary, batch, length }: ModelShape): string =>
  `H${hidden} L${layers} V${vocabulary} batch ${batch}×${length}`
