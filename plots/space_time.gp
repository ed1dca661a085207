# A run as textbooks draw it: a line for each node, messages as arrows, lost ones dashed up to an X.
# Tables of a trace: messages (csv), intervals (csv).
set datafile separator ','
set style fill solid 1 noborder
set border 0
set grid noxtics noytics
set xlabel 'true time (' . unit . ')'
set yrange [nodes - 0.5:-0.5]
set ytics 1 scale 0 format 'n%.0f'
set xtics scale 0.5
set bmargin 5.5
set key at screen 0.5, 0.03 center bottom horizontal samplen 2 width 1 Left reverse
is(k, name) = strcol(k) eq name
came(k) = is(k, 'received') || is(k, 'received again')
# Up to where a lost message is drawn: it never arrives.
way = 0.6
do for [i = 0:nodes - 1] {
    set arrow from from, i to until, i nohead linewidth 0.7 linecolor rgb '#999999' back
}
plot intervals every ::1 using (is(1, 'waiting') ? $7 * scale : NaN):2:($7 * scale):($9 * scale): \
    ($2 - 0.05):($2 + 0.05) with boxxyerror linecolor rgb '#F0E442' title 'waiting', \
    intervals every ::1 using (is(1, 'holding') ? $7 * scale : NaN):2:($7 * scale):($9 * scale): \
    ($2 - 0.1):($2 + 0.1) with boxxyerror linecolor rgb '#0072B2' title 'holding', \
    intervals every ::1 using (is(1, 'crashed') ? $7 * scale : NaN):2:($7 * scale):($9 * scale): \
    ($2 - 0.1):($2 + 0.1) with boxxyerror linecolor rgb '#444444' title 'crashed', \
    messages every ::1 using (came(9) ? $8 * scale : NaN):4:(($13 - $8) * scale):($5 - $4) \
    with vectors head size graph 0.008, 20 filled linewidth 1 linecolor rgb '#333333' \
    title 'message', \
    messages every ::1 using (is(9, 'lost') ? $8 * scale : NaN):4:(($13 - $8) * way * scale): \
    (($5 - $4) * way) with vectors nohead dashtype 2 linewidth 1 linecolor rgb '#D55E00' \
    title 'lost', \
    messages every ::1 using (is(9, 'lost') ? ($8 + ($13 - $8) * way) * scale : NaN): \
    ($4 + ($5 - $4) * way) with points pointtype 2 pointsize 1.0 linewidth 3 \
    linecolor rgb '#D55E00' notitle
