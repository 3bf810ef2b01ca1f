/** The classification that columns and labels are read by if no model and no option names one: KSIC rev. 10. */
export { ksic10 as defaultClassification } from '@kic/classification/ksic'
