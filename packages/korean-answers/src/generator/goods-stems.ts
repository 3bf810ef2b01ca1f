/** Groups that make food. */
export const processed = '101 102 103 104 105 106 107'

/** Simple goods of any material. */
export const housewares =
  '그릇 접시 컵 쟁반 수저 젓가락 국자 주걱 물통 바구니 상자 함 통 용기 병 뚜껑 마개 손잡이 받침대 선반 옷걸이 빗 액세서리 조각품 장식품 화분 재떨이 촛대 진열대 사다리 파이프 관 판 봉 벨트 매트 부품 패널 블록 롤러 튜브 필터 케이스 커버 단추고리 집게 걸이 문패 상패 쓰레기통'
