/** How a fresh parameter is filled. */
export type Initializer =
  | {
      readonly kind: 'normal'
      readonly std: number /** Row that stays zero, e.g. the padding row. */
      readonly zeroRow?: number
    }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number }

/** A parameter before it has values. `name` is Hugging Face's or PyTorch's; a matrix is `[out, in]`. */
export interface ParamSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly init: Initializer
}
