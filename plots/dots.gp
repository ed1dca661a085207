# Means with their 95 % intervals, one row for each series: where nothing that varies is a number.
# Blocks of the table, one for each series: row, mean, low, high, runs.
set lmargin longest * 1.05 + 3
set yrange [series + 0.7:0.3]
set ytics () scale 0
do for [i = 1:series] {
    set ytics add (label[i] i)
}
plot for [i = 1:series] data index i - 1 using 2:1:3:4 with xerrorbars linewidth 2 \
    pointtype shape(i) pointsize 1 linecolor rgb colour(i)
