import type { Language } from './messages.ts'

/** The language of the browser, as far as the pages speak it. */
export const startLanguage = (): Language => (navigator.language.startsWith('ko') ? 'ko' : 'en')

interface Props {
  readonly language: Language
  /** The name of the other language, in that language. */
  readonly other: string
  readonly onLanguage: (language: Language) => void
}

/** Switches to the other language. */
export const LanguageButton = ({ language, other, onLanguage }: Props) => {
  const next = language === 'ko' ? 'en' : 'ko'
  return (
    <button type="button" class="plain" lang={next} onClick={() => onLanguage(next)}>
      {other}
    </button>
  )
}
