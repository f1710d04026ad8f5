/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fonts: always these files, whatever else is installed or configured on the machine, so that
 * the same report is the same bytes.
 */
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangofc-fontmap.h>
#include <stdio.h>
#include <unistd.h>

#include "collector/report/monthly/paper/paper.h"

#define FAMILY "Liberation Sans"

static const char *const folders[] = {
	"/usr/share/fonts/truetype/liberation2", /* Debian 12: fonts-liberation2 */
	"/usr/share/fonts/truetype/liberation", /* later ones: fonts-liberation */
	"/usr/share/fonts/liberation-sans", /* Fedora */
};
static const char *const files[] = {"LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf",
	"LiberationSans-Italic.ttf", "LiberationSans-BoldItalic.ttf"};

static int add_fonts(FcConfig *config, const char *folder)
{
	char path[160];

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		if (access(path, R_OK) < 0)
			return -ENOENT;
		if (!FcConfigAppFontAddFile(config, (const FcChar8 *)path))
			return -EIO;
	}
	return 0;
}

int fonts_open(PangoFontMap **ret_fonts, struct err *err)
{
	FcConfig *config = FcConfigCreate();
	PangoFontMap *fonts;
	int r = -ENOENT;

	if (!config)
		return err_errno(err, -ENOMEM, "fonts");
	for (size_t i = 0; r == -ENOENT && i < sizeof(folders) / sizeof(*folders); i++)
		r = add_fonts(config, folders[i]);
	if (r < 0) {
		FcConfigDestroy(config);
		return err_set(err, r,
			"the font %s is not in %s: apt-get install fonts-liberation2", FAMILY,
			folders[0]);
	}
	fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts), config);
	FcConfigDestroy(config);
	/* a point is a unit of the paper */
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts), 72);
	*ret_fonts = fonts;
	return 0;
}

/* The library forgets to give its configuration back when a map ends. */
void fonts_close(PangoFontMap *fonts)
{
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts), NULL);
	g_object_unref(fonts);
}

PangoContext *fonts_context(PangoFontMap *fonts, const char *language)
{
	PangoContext *context = pango_font_map_create_context(fonts);
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_language(context, pango_language_from_string(language));
	pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
	pango_context_set_round_glyph_positions(context, FALSE);
	return context;
}

PangoLayout *fonts_layout(PangoContext *context)
{
	PangoLayout *layout = pango_layout_new(context);
	PangoAttrList *attributes = pango_attr_list_new();

	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	return layout;
}

PangoFontDescription *fonts_style(enum paper_style style)
{
	static const struct {
		double size;
		PangoWeight weight;
		PangoStyle slant;
	} styles[STYLE_COUNT] = {
		[STYLE_BODY] = {9.5, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
		[STYLE_BOLD] = {9.5, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
		[STYLE_SMALL] = {8, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
		[STYLE_ITALIC] = {9, PANGO_WEIGHT_NORMAL, PANGO_STYLE_ITALIC},
		[STYLE_TITLE] = {15, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
		[STYLE_H1] = {13, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
		[STYLE_H2] = {10.5, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
		[STYLE_CELL] = {7.8, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
		[STYLE_CELL_BOLD] = {7.8, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
		[STYLE_HEAD] = {6.8, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
		[STYLE_TINY] = {6.4, PANGO_WEIGHT_NORMAL, PANGO_STYLE_NORMAL},
		[STYLE_LETTERHEAD] = {13, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
		[STYLE_FIGURE] = {17, PANGO_WEIGHT_BOLD, PANGO_STYLE_NORMAL},
	};
	PangoFontDescription *description = pango_font_description_new();

	pango_font_description_set_family(description, FAMILY);
	pango_font_description_set_weight(description, styles[style].weight);
	pango_font_description_set_style(description, styles[style].slant);
	pango_font_description_set_absolute_size(description, styles[style].size * PANGO_SCALE);
	return description;
}
