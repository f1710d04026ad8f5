/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/paper/paper.h"

#define SIDE_MAX 4096 /* pixels: a coat of arms, not a poster */

bool picture_draw(struct paper *paper, const char *path, const cairo_rectangle_t *room)
{
	cairo_surface_t *picture = cairo_image_surface_create_from_png(path);
	double width = cairo_image_surface_get_width(picture);
	double height = cairo_image_surface_get_height(picture), scale;
	bool good = cairo_surface_status(picture) == CAIRO_STATUS_SUCCESS && width >= 1 &&
		height >= 1 && width <= SIDE_MAX && height <= SIDE_MAX;

	if (good) {
		scale = room->width / width < room->height / height ? room->width / width
								    : room->height / height;
		cairo_save(paper->cr);
		cairo_translate(paper->cr, room->x + (room->width - width * scale) / 2, room->y);
		cairo_scale(paper->cr, scale, scale);
		cairo_set_source_surface(paper->cr, picture, 0, 0);
		cairo_paint(paper->cr);
		cairo_restore(paper->cr);
	}
	cairo_surface_destroy(picture);
	return good;
}
