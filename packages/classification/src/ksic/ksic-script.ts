/**
 * The script of Korean descriptions, as a model's folder keeps it: whole syllables carry meaning, the single letters of
 * 'ㅋㅋㅋ' do not.
 */
export const ksicScript = { name: 'Hangul', letters: '가-힣' } as const
