# The one style of all figures. `format` (svg, pdf, png, tex) and `tall` (1: the usual height) may be
# given before it. Figures go to standard output.
#
# Colours: M. Okabe, K. Ito, "Color universal design", 2008. Two of them look alike to some readers,
# and all of them on a black-and-white page: so each series has its own sign as well, and its name
# at the end of its line.
if (!exists('format')) format = 'svg'
if (!exists('tall')) tall = 1.0
if (format eq 'pdf') {
    set terminal pdfcairo noenhanced color font 'DejaVu Sans,9' size 6.3, 3.94 * tall \
        linewidth 1.2
} else {
    if (format eq 'tex') {
        set terminal tikz size 16cm, 10cm font '\small'
    } else { if (format eq 'png') {
        set terminal pngcairo noenhanced font 'DejaVu Sans,20' size 1600, int(1000 * tall) \
            linewidth 2
    } else {
        set terminal svg noenhanced font 'DejaVu Sans,13' size 800, int(500 * tall) linewidth 1.2 \
            background '#ffffff'
    } }
}
set border 3 linecolor rgb '#444444'
set tics nomirror textcolor rgb '#222222'
set grid linecolor rgb '#e4e4e4' linetype 1 linewidth 0.6
unset key
set style fill transparent solid 0.18 noborder
array hue[10] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', \
    '#8C7A00', '#882255', '#777777']
array sign[8] = [7, 5, 9, 13, 11, 6, 4, 8]
colour(i) = hue[1 + (i - 1) % 10]
shape(i) = sign[1 + (i - 1) % 8]
