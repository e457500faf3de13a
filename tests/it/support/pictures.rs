//! Pictures to upload: good ones, and those that tell too much.

use std::io::Cursor;

use image::{DynamicImage, Frame, ImageFormat, RgbImage, RgbaImage, codecs::gif::GifEncoder};

/// The four formats that are taken.
pub const FORMATS: [ImageFormat; 4] =
    [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP];

/// A black picture of this size.
pub fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    packed(&RgbImage::new(width, height).into(), format)
}

/// A picture that no packing makes smaller: three bytes a pixel.
pub fn noise(width: u32, height: u32) -> Vec<u8> {
    packed(&RgbImage::from_fn(width, height, |_, _| image::Rgb(rand::random())).into(), ImageFormat::Png)
}

/// A picture of which nothing is seen.
pub fn clear_picture(width: u32, height: u32) -> Vec<u8> {
    packed(&RgbaImage::new(width, height).into(), ImageFormat::Png)
}

fn packed(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A GIF of so many pictures.
pub fn animation(frames: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(image::codecs::gif::Repeat::Infinite).unwrap();
    let frame = |shade| Frame::new(RgbaImage::from_pixel(8, 8, image::Rgba([shade as u8 * 80, 0, 0, 255])));
    encoder.encode_frames((0..frames).map(frame)).unwrap();
    drop(encoder);
    bytes
}

/// What these pictures must not tell.
pub const SECRET: &[u8] = b"GPS 48.8584 N 2.2945 E";

/// Exif data with this orientation, and a place in them.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0]);
    exif.extend(b"\x01\x0e\0\x02\0\0\0\x17\0\0\0\x26\0\0\0\0");
    exif.extend(SECRET);
    exif.push(0);
    exif
}

/// A picture of this size as its pixels stand, which tells a place wherever its format can, and is to be shown turned by
/// a quarter.
pub fn telling(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = picture(format, width, height);
    match format {
        ImageFormat::Jpeg => {
            let segment = |marker: u8, data: &[u8]| {
                let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
                [&[0xff, marker], &length[..], data].concat()
            };
            let all = [
                segment(0xe1, &[b"Exif\0\0", &exif(6)[..]].concat()),
                segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
                segment(0xe2, &[b"MPF\0", SECRET].concat()),
                segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat()),
                segment(0xfe, SECRET),
            ];
            bytes.splice(2..2, all.concat());
        }
        ImageFormat::Png => {
            let text = [b"Comment\0", SECRET].concat();
            let all = [chunk(b"eXIf", &exif(6)), chunk(b"tEXt", &text), chunk(b"prVt", SECRET)];
            bytes.splice(33..33, all.concat());
        }
        ImageFormat::Gif => {
            let block = [&[SECRET.len() as u8], SECRET, &[0]].concat();
            let all = [&b"\x21\xfe"[..], &block, b"\x21\xff\x0bXMP DataXMP", &block].concat();
            let end = bytes.len() - 1;
            bytes.splice(end..end, all);
        }
        _ => {
            let riff = |name: &[u8; 4], data: &[u8]| {
                let length = u32::try_from(data.len()).unwrap().to_le_bytes();
                let padding = vec![0; data.len() % 2];
                [name, &length[..], data, &padding].concat()
            };
            let size = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
            let head = [&[0x0c, 0, 0, 0][..], &size(width), &size(height)].concat();
            bytes.splice(12..12, riff(b"VP8X", &head));
            bytes.extend(riff(b"EXIF", &exif(6)));
            bytes.extend(riff(b"XMP ", SECRET));
            let size = u32::try_from(bytes.len() - 8).unwrap().to_le_bytes();
            bytes.splice(4..8, size);
        }
    }
    bytes.extend(SECRET);
    bytes
}

/// Whether something stands in a file.
pub fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// A PNG that says it has this size, and holds no pixels.
pub fn huge(width: u32, height: u32) -> Vec<u8> {
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 2, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &[]), chunk(b"IEND", &[])].concat()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [kind, data].concat();
    let crc = !named.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    });
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), &named[..], &crc.to_be_bytes()].concat()
}
