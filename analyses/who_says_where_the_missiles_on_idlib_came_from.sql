{# Who says the missiles on Idlib came from where, how sure, and in which passage? #}
select
    proposition,
    stance,
    certainty,
    claimant,
    passages
from {{ ref('fct_claims') }}
where topic = 'launch_site' and event_id = 'evt_iran_on_idlib'
order by proposition, claimant, stance

{# Answer at version 1.0.0:

| proposition | stance | certainty | claimant | passages |
|---|---|---|---|---|
| Some of the strikes were launched from Syrian soil. | asserts | likely | Shaam Network | src_shaam_aleppo |
| The missiles on Idlib came from Iranian bases west of it, along the Syrian coast. | asserts | speculative | Sources sceptical of the launch from Khuzestan | src_mei_article, paragraph 15 |
| The missiles on Idlib were launched from strongholds of the IRGC in Latakia. | asserts | unhedged | Sources of Akhbar Al Aan | src_akhbar_al_aan |
| The missiles on Idlib were launched from the Iranian province of Khuzestan. | asserts | unhedged | Amir Ali Hajizadeh | src_enab_baladi; src_iranintl_hajizadeh |
| The missiles on Idlib were launched from the Iranian province of Khuzestan. | asserts | unhedged | Iranian media | src_mei_article, paragraph 15 |
| The missiles on Idlib were launched from the Iranian province of Khuzestan. | asserts | unhedged | Islamic Revolutionary Guard Corps | src_reflectii; src_yeni_safak_irgc |
| The missiles on Idlib were launched from the Iranian province of Khuzestan. | doubts | unhedged | Sources sceptical of the launch from Khuzestan | src_mei_article, paragraph 15 |
| The missiles on Idlib were launched from the Iranian province of Khuzestan. | doubts | likely | Syrian Observatory for Human Rights | src_north_pulse_sohr |
| The missiles on Idlib were launched from the outskirts of Aleppo, to the south-east. | asserts | speculative | Sources sceptical of the launch from Khuzestan | src_mei_article, paragraph 15 |
| The missiles on Telteita were launched from the eastern countryside of Idlib. | asserts | possible | Syrian Observatory for Human Rights | src_north_pulse_sohr |
| The missiles on Telteita were launched from the southern countryside of Aleppo. | asserts | possible | Syrian Observatory for Human Rights | src_north_pulse_sohr |
#}
