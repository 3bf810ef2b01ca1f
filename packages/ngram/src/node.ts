export { type OpenNgramModel, openNgramModel } from './node/open-ngram-model.ts'
export { loadNgramModel, saveNgramModel } from './node/stored-ngram-model.ts'
export { trainNgramModelFile } from './node/train-ngram-model-file.ts'
