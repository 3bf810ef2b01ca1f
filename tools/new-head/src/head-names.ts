/** The forms of a head's name. */
export interface HeadNames {
  /** `attention-pooling`: what folder and package are called after. */
  readonly kebab: string
  /** `attention-pooling-head`: the source file. */
  readonly file: string
  /** `attentionPoolingHead`: the function that makes the head. */
  readonly factory: string
  /** `AttentionPoolingHeadOptions`. */
  readonly options: string
}

/**
 * Names of a head. One that ends in `-head` does not end in it twice: `my-head` is made by `myHead`.
 *
 * @throws Error where it is no name
 */
export const headNames = (name: string): HeadNames => {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(
      `new:head: a head's name is lower case letters and digits, with dashes between words, such as attention-pooling; received '${name}'.`,
    )
  }
  const words = name.endsWith('-head') ? name.split('-') : [...name.split('-'), 'head']
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return {
    kebab: name,
    file: words.join('-'),
    factory: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    options: `${pascal}Options`,
  }
}
