# Who waits and who holds: bars on each node. Table of a trace: intervals (csv).
set datafile separator ','
array bar[4] = ['#F0E442', '#0072B2', '#999999', '#444444']
array high[4] = [0.1, 0.26, 0.2, 0.34]
of(i) = word('waiting holding paused crashed', i)
# Several locks at one node: one below the other, with their numbers.
row(lock) = strlen(lock) > 0 ? (real(lock) + 0.5) * 0.8 / locks - 0.4 : 0
part(lock) = strlen(lock) > 0 ? 1.0 / locks : 1
set style fill solid 1 noborder
set xlabel 'true time (' . unit . ')'
set yrange [nodes - 0.5:-0.5]
if (nodes <= 20) set ytics 1
set ytics scale 0 format 'n%.0f'
set grid noytics
do for [i = 0:nodes <= 20 ? nodes - 1 : -1] {
    set arrow from from, i to until, i nohead linewidth 0.7 linecolor rgb '#bbbbbb' back
}
set bmargin 5.5
set key at screen 0.5, 0.03 center bottom horizontal samplen 1 width 2 Left reverse
is(k, i) = strcol(k) eq of(i)
plot for [i = 1:4] intervals every ::1 using (is(1, i) ? $7 * scale : NaN):($2 + row(strcol(4))): \
    ($7 * scale):($9 * scale):($2 + row(strcol(4)) - high[i] * part(strcol(4))): \
    ($2 + row(strcol(4)) + high[i] * part(strcol(4))) \
    with boxxyerror linecolor rgb bar[i] title of(i), \
    intervals every ::1 using (locks > 1 && locks < 6 && is(1, 2) ? ($7 + $9) / 2 * scale : NaN): \
    ($2 + row(strcol(4))):4 with labels textcolor rgb '#ffffff' notitle
