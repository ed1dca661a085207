# Means over a parameter, with their 95 % intervals as bands; dashed: what is published.
# Blocks of the table, one for each series: x, mean, low, high, runs; then those of the published.
# Names stand at the ends of lines, moved apart where they would touch.
set rmargin longest * 1.05 + 5
do for [i = 1:series] {
    if (strlen(label[i]) > 0) {
        set arrow from graph 1.005, from[i] to graph 1.03, to[i] nohead linewidth 0.7 \
            linecolor rgb colour(i)
        set label label[i] at graph 1.04, to[i] left textcolor rgb colour(i)
    }
}
plot for [i = 1:series] data index i - 1 using 1:3:4 with filledcurves linecolor rgb colour(i), \
    for [i = 1:theories] data index series + i - 1 using 1:2 with lines dashtype 2 linewidth 1.2 \
        linecolor rgb colour(theory_of[i]), \
    for [i = 1:series] data index i - 1 using 1:2 with linespoints linewidth 1.5 \
        pointtype shape(i) pointsize 0.7 linecolor rgb colour(i)
