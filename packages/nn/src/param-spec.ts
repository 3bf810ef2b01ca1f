/** The distribution of a fresh parameter. */
export type Initializer =
  /** Gaussian of mean 0; `zeroRow` of a matrix stays zero, e.g. the padding row. */
  | { readonly kind: 'normal'; readonly std: number; readonly zeroRow?: number | undefined }
  /** Uniform in [-bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number }

/** A parameter before it has values. `name` is Hugging Face's or PyTorch's; a matrix is `[out, in]`. */
export interface ParamSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly init: Initializer
}
