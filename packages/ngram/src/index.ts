export { decisionValues, type Hyperplane, type LinearSvcOptions, trainLinearSvc } from './linear-svc.ts'
export { NAIVE_BAYES_FEATURES, trainNaiveBayes } from './naive-bayes.ts'
export { type NgramLesson, type NgramModel, ngramScores, trainNgrams } from './ngram-classifier.ts'
export { type NgramRange, ngramWeighting, type SparseRows } from './ngram-features.ts'
