//! The images of chats over HTTP.

use poem_openapi::{OpenApi, param::Path};
use uuid::Uuid;

use crate::{
    app::App,
    chats::{model::Chat, service},
    http::{Caller, Done, Form, Json},
    tags::Tags,
    users::{
        api::{PictureForm, picture},
        avatar::ShownPicture,
    },
};

/// The images of chats.
pub struct ImagesApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Chats")]
impl ImagesApi {
    /// Change the image of a chat
    ///
    /// By its creator and admins. The old image is removed. Everyone in the chat is told (`chat_updated`). The type is what
    /// the bytes are, not what the name says.
    ///
    /// Errors: banned, forbidden, not_found, too_large, unsupported_media_type
    #[oai(path = "/chats/:chat_id/image", method = "post", operation_id = "change_chat_image")]
    async fn change_chat_image(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        form: Form<PictureForm>,
    ) -> poem::Result<Json<Chat>> {
        let picture = form.into_vec().await?;
        Ok(Json(service::change_image(&self.app, caller, chat_id.0, picture).await?))
    }

    /// Remove the image of a chat
    ///
    /// By its creator and admins. Everyone in the chat is told (`chat_updated`). If it has none: 204 too.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/image", method = "delete", operation_id = "remove_chat_image")]
    async fn remove_chat_image(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        service::remove_image(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }

    /// The image of a chat
    ///
    /// What `image_url` points to. Needs no token, so that it can stand in a page; the name can't be guessed.
    ///
    /// Errors: not_found
    #[oai(path = "/images/:chat_id/:file_name", method = "get", operation_id = "get_chat_image")]
    async fn get_chat_image(
        &self,
        /// Whose image it is.
        chat_id: Path<Uuid>,
        /// The name of the file, as `image_url` has it.
        file_name: Path<String>,
    ) -> poem::Result<ShownPicture> {
        Ok(picture(&self.app, &format!("images/{}", chat_id.0), &file_name.0).await?)
    }
}
