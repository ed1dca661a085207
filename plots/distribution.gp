# What part of all values is at most so large; below, what part is larger, on a logarithmic axis:
# the tail. Blocks of the table, one for each series: value, part.
tail(part) = part < 1 ? 1 - part : NaN
set multiplot
whole = unit eq '' ? measure : measure . ' (' . unit . ')'
if (exists('where')) whole = whole . ', ' . where
set key outside right center vertical Left reverse samplen 1.2 spacing 1.15
set lmargin 10.5
set rmargin longest + 8
set size 1, 0.52
set origin 0, 0.48
set bmargin 0
set ylabel 'part at most so large'
set yrange [0:1]
set format x ''
plot for [i = 1:series] data index i - 1 using 1:2 with fsteps linewidth 1.5 \
    linecolor rgb colour(i) notitle, \
    for [i = 1:series] data index i - 1 using 1:2 every 12::4 with points pointtype shape(i) \
    pointsize 0.6 linecolor rgb colour(i) notitle, \
    for [i = 1:series] keyentry with linespoints linewidth 1.5 pointtype shape(i) pointsize 0.6 \
    linecolor rgb colour(i) title label[i]
unset key
unset title
set origin 0, 0
set size 1, 0.48
set bmargin 4
set tmargin 1
set xlabel whole
set ylabel 'part that is larger'
set format x '%g'
set logscale y
set yrange [*:1]
set format y '%g'
plot for [i = 1:series] data index i - 1 using 1:(tail($2)) with fsteps linewidth 1.5 \
    linecolor rgb colour(i), \
    for [i = 1:series] data index i - 1 using 1:(tail($2)) every 12::4 with points \
    pointtype shape(i) pointsize 0.6 linecolor rgb colour(i)
unset multiplot
