{# Which sources with ten propositions or more are borne out least by other witnesses? #}
select
    title,
    publisher,
    n_sides,
    n_shared,
    n_contradicted,
    n_only_here,
    round(100.0 * n_shared / n_sides, 0) as percent_shared
from {{ ref('source_agreement') }}
where n_sides >= 10
order by percent_shared asc, n_sides desc, title asc
limit 15

{# Answer at version 1.0.0:

| title | publisher | n_sides | n_shared | n_contradicted | n_only_here | percent_shared |
|---|---|---|---|---|---|---|
| Iran defends 'precise and targeted' strikes in Iraq, Syria | Lokmat Times | 11 | 1 | 2 | 2 | 9.0 |
| 'Exporting its internal problems': Understanding Iran's January missile salvos against its neighbors | Middle East Institute | 369 | 65 | 34 | 220 | 18.0 |
| Iran's letters to UNSG and UNSC President on strikes | IRNA | 19 | 4 | 3 | 0 | 21.0 |
| 'Iran cannot strike Israel,' Iraqi FM says at Davos | Arab News | 26 | 6 | 4 | 0 | 23.0 |
| Iraqi FM: Iran Can't Strike Israel, Yet Targets Friendly Ally | Asharq Al-Awsat | 26 | 6 | 4 | 0 | 23.0 |
| Iran's Right to Self-Defence: Targeting Terrorist Bases in Syria and Iraq | Tactics Institute | 20 | 5 | 3 | 0 | 25.0 |
| Viral interview does not show IRGC official talking about missile attack in Balochistan | Soch Fact Check | 34 | 9 | 7 | 0 | 26.0 |
| Marg Bar Sarmachar: Pakistan Military Strikes in Iran | Taware Pakistan | 33 | 9 | 5 | 0 | 27.0 |
| Protests condemn Iranian missile attack on Erbil | Rudaw | 11 | 3 | 2 | 0 | 27.0 |
| In unprecedented diplomatic row, Pakistan recalls envoy from Iran | The News International | 18 | 5 | 3 | 4 | 28.0 |
| World's reaction towards Pakistan-Iran retaliatory bombing | TechBeast | 17 | 5 | 1 | 0 | 29.0 |
| Pakistan strongly condemns unprovoked violation of its air space | Pakistan Times Today | 14 | 4 | 2 | 0 | 29.0 |
| UN chief urges de-escalation; Russia, Turkiye, EU call for restraint | Aitadal | 30 | 9 | 2 | 0 | 30.0 |
| Operation Marg Bar Sarmachar: Pakistan hits back Iran | Daily Pakistan | 20 | 6 | 4 | 0 | 30.0 |
| Pakistan strikes terrorist hideouts in Iran with Operation Marg Bar Sarmachar | The Upcut | 20 | 6 | 4 | 0 | 30.0 |
#}
