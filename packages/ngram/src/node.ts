export { loadNgramModel, saveNgramModel } from './model/stored-ngram-model.ts'
