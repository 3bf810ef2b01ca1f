/** The classes of a model, as its weights or config number them. */
export interface ModelClasses {
  /** Names by class number. */
  readonly names: readonly string[]
  /** Where the names are, for errors. */
  readonly place: string
  /** Name of the classification, if the folder's config has one. */
  readonly classification?: string | undefined
}
