export { loadTokenizer } from './load-tokenizer.ts'
export { saveTokenizer } from './save-tokenizer.ts'
export {
  openTokenCache,
  type TextBlock,
  type TokenCache,
  type TokenCacheOptions,
  tokenizerHash,
} from './token-cache.ts'
